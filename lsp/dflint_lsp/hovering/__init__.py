"""What is told of the thing under the pointer: one module for each kind of thing.

Texts are Markdown; `dflint_lsp.texts` makes them plain where the client shows no Markdown.
"""
