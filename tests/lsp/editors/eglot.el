;;; Drives the language server in Emacs with eglot and prints what came of it, a line of JSON each.  -*- lexical-binding: t -*-
;; LSP_CMD='["dflint", "lsp"]' emacs -Q --batch -L EGLOT -l eglot.el Dockerfile
(require 'eglot)
(require 'flymake)
(require 'json)

(defun say (key value)
  (princ (concat (json-encode (list (cons key value))) "\n")))

(defun wait-for (condition)
  (let ((limit (+ (float-time) 20)))
    (while (and (not (funcall condition)) (< (float-time) limit))
      (accept-process-output nil 0.05))))

(define-derived-mode dockerfile-mode prog-mode "Dockerfile")
(setq eglot-sync-connect 20 eglot-autoreconnect nil eglot-confirm-server-initiated-edits nil)
(add-to-list 'eglot-server-programs
             (cons 'dockerfile-mode (append (json-read-from-string (getenv "LSP_CMD")) nil)))
(find-file (car command-line-args-left))
(dockerfile-mode)
(apply #'eglot (eglot--guess-contact))

(defun codes ()
  (sort (delq nil (mapcar (lambda (one)
                            (let ((data (alist-get 'eglot-lsp-diag (flymake-diagnostic-data one))))
                              (plist-get data :code)))
                          (flymake-diagnostics)))
        #'string<))

(wait-for (lambda () (flymake-start) (codes)))
(say "diagnostics" (vconcat (codes)))

(goto-char (point-min))
(forward-line 1)
(let* ((actions (jsonrpc-request
                 (eglot--current-server-or-lose) :textDocument/codeAction
                 (list :textDocument (eglot--TextDocumentIdentifier)
                       :range (list :start (eglot--pos-to-lsp-position (point))
                                    :end (eglot--pos-to-lsp-position (+ (point) 3)))
                       :context '(:diagnostics []))))
       (action (aref actions 0)))
  (say "action" (plist-get action :title))
  (eglot--apply-workspace-edit (plist-get action :edit)))
(say "fixed" (vconcat (split-string (buffer-string) "\n" t)))

(eglot--signal-textDocument/didChange)
(wait-for (lambda () (flymake-start) (not (member "maintainer-deprecated" (codes)))))
(say "after" (vconcat (codes)))

(setq-local tab-width 4 indent-tabs-mode nil)
(eglot-format-buffer)
(say "formatted" (vconcat (split-string (buffer-string) "\n" t)))

(eglot-shutdown (eglot--current-server-or-lose) nil 10 t)
(say "stopped" t)
(set-buffer-modified-p nil)
(kill-emacs 0)
