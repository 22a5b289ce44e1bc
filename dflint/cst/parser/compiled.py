"""Generated from dockerfile.peg by dflint.cst.parser.compiler; do not edit."""

_RULES = {
    'any': '(?s:.)',
    'blanks': '[\t\x0b\x0c\r ]++',
    'control': '[\x1c-\x1f]++',
    'directive': '[^\\S\n\x1c-\x1f]*+\\#[\t\n\x0c\r ]*+[a-zA-Z][a-zA-Z0-9]*+[\t\n\x0c\r ]*+=[\t\n\x0c\r ]*+[^\t\n\x0c\r ]++(?>[\t\n\x0c\r ]*+[^\t\n\x0c\r ]++)*+[\t\n\x0c\r ]*+',
    'directive_equals': '[\t\n\x0c\r ]*+=[\t\n\x0c\r ]*+',
    'directive_indent': '[^\\S\n\x1c-\x1f]*+',
    'directive_marker': '[^\\S\n\x1c-\x1f]*+\\#[\t\n\x0c\r ]*+',
    'directive_name': '[a-zA-Z][a-zA-Z0-9]*+',
    'directive_space': '[\t\n\x0c\r ]*+',
    'directive_value': '[^\t\n\x0c\r ]++(?>[\t\n\x0c\r ]*+[^\t\n\x0c\r ]++)*+',
    'end': '(?!(?s:.))',
    'exec_form': '\\[[\t\n\r ]*+(?>"(?>(?>[^"\\\\\x00-\x1f]++|\\\\(?>["\\\\/bfnrt]|u[0-9a-fA-F]{4})))*+"[\t\n\r ]*+(?>,[\t\n\r ]*+"(?>(?>[^"\\\\\x00-\x1f]++|\\\\(?>["\\\\/bfnrt]|u[0-9a-fA-F]{4})))*+"[\t\n\r ]*+)*+)?+\\][\t\n\r ]*+(?!(?s:.))',
    'flag': '(?=\\-\\-)(?>(?>[^\t\n\x0b\x0c\r \x85\xa0\'"\\\\]++|\\\\(?>(?s:.))?+|\'(?>(?>[^\'\\\\]++|\\\\(?>(?s:.))?+))*+(?>\')?+|"(?>(?>[^"\\\\]++|\\\\(?>(?s:.))?+))*+(?>")?+))++[\x85\xa0]?',
    'flag_double': '"(?>(?>[^"\\\\]++|\\\\(?>(?s:.))?+))*+(?>")?+',
    'flag_escaped': '\\\\(?>(?s:.))?+',
    'flag_last': '[\x85\xa0]?',
    'flag_plain': '[^\t\n\x0b\x0c\r \x85\xa0\'"\\\\]++',
    'flag_single': "'(?>(?>[^'\\\\]++|\\\\(?>(?s:.))?+))*+(?>')?+",
    'flag_space': '[\t\n\x0b\x0c\r ]*+',
    'heredoc_chomp': '(?>\\-)?+',
    'heredoc_descriptor': '[0-9]*+',
    'heredoc_marker': '[0-9]*+<<(?>\\-)?+[^<]++(?!(?s:.))',
    'heredoc_plain': '[^$\\s\'"\\\\]++',
    'heredoc_rest': '[^<]++',
    'json_escape': '\\\\(?>["\\\\/bfnrt]|u[0-9a-fA-F]{4})',
    'json_space': '[\t\n\r ]*+',
    'json_string': '"(?>(?>[^"\\\\\x00-\x1f]++|\\\\(?>["\\\\/bfnrt]|u[0-9a-fA-F]{4})))*+"',
    'keyword': '[^\t\x0b\x0c\r ]++',
    'kind': '[^\t\n\x0b\x0c\r \x85\xa0]++',
    'list_word': '[^\t\x0b\x0c\r ]++',
    'option': '[^,]*+',
    'space': '[^\\S\x1c-\x1f]*+',
    'word': '(?>(?>[^\\\\\\s\'"]++|[\x1c-\x1f]++|\\\\(?>(?s:.))?+|\'[^\']*+(?>\')?+|"(?>(?>[^\\\\"]++|\\\\(?>(?s:.))?+))*+(?>")?+))++',
    'word_double': '"(?>(?>[^\\\\"]++|\\\\(?>(?s:.))?+))*+(?>")?+',
    'word_escaped': '\\\\(?>(?s:.))?+',
    'word_plain': '[^\\\\\\s\'"]++',
    'word_single': "'[^']*+(?>')?+",
}

#: For each escape character, the regular expression of each rule.
RULES: dict[str, dict[str, str]] = {
    '\\': _RULES,
    '`': _RULES
    | {
        'word': '(?>(?>[^`\\s\'"]++|[\x1c-\x1f]++|`(?>(?s:.))?+|\'[^\']*+(?>\')?+|"(?>(?>[^`"]++|`(?>(?s:.))?+))*+(?>")?+))++',
        'word_double': '"(?>(?>[^`"]++|`(?>(?s:.))?+))*+(?>")?+',
        'word_escaped': '`(?>(?s:.))?+',
        'word_plain': '[^`\\s\'"]++',
    },
}
