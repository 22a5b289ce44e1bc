;;; Opens a Dockerfile with the settings of docs/editors.md and prints what came of it.  -*- lexical-binding: t -*-
;; emacs -Q --batch -L EGLOT -L DOCKERFILE-MODE -l documented.el SETTINGS Dockerfile
(require 'eglot)
(require 'json)
(load (pop command-line-args-left))
(require 'dockerfile-mode)
(setq eglot-sync-connect 20 eglot-autoreconnect nil)

(defun say (key value)
  (princ (concat (json-encode (list (cons key value))) "\n")))

(find-file (pop command-line-args-left))
(run-hooks 'post-command-hook) ; eglot-ensure waits for it
(let ((limit (+ (float-time) 20)))
  (while (and (not (flymake-diagnostics)) (< (float-time) limit))
    (accept-process-output nil 0.05)
    (flymake-start)))
(say "diagnostics"
     (vconcat (mapcar (lambda (one)
                        (plist-get (alist-get 'eglot-lsp-diag (flymake-diagnostic-data one)) :code))
                      (flymake-diagnostics))))
(eglot-format-buffer)
(say "formatted" (vconcat (split-string (buffer-string) "\n" t)))
(eglot-shutdown (eglot-current-server) nil 10 t)
(say "stopped" t)
(set-buffer-modified-p nil)
(kill-emacs 0)
