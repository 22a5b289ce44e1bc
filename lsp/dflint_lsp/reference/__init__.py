"""What there is to say of the Dockerfile's language, as data, in our own words.

Which instructions, flags and options there are is known to `dflint.cst` and `dflint.semantic`;
here is what people are told of them. Texts are Markdown of the plainest kind: code in backticks
and nothing else, so that they read well as plain text, too.
"""
