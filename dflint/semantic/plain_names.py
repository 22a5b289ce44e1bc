"""Names of files and directories that are known to be no archives, whatever is in them."""

from __future__ import annotations

#: Extensions of text, of code, of settings, and of formats that are no tar archive.
_EXTENSIONS = frozenset((
    "ac", "am", "asc", "awk", "bash", "bashrc", "bat", "bowerrc", "c", "cabal", "cc", "cert", "cf",
    "cfg", "class", "cljs", "clj", "cmake", "cmd", "cnf", "coffee", "conf", "config", "cpp", "cr",
    "crt", "cs", "csproj", "css", "csv", "ctmpl", "d", "dart", "deb", "defaults", "desktop", "dll",
    "dockerfile", "dtd", "ear", "edn", "ejs", "el", "env", "erb", "erl", "ex", "exe", "exs", "fish",
    "fs", "fsproj", "gemspec", "gif", "gitconfig", "go", "gpg", "gradle", "groovy", "h", "haml",
    "hcl", "hpp", "hs", "htm", "html", "ico", "in", "inc", "ini", "init", "ipynb", "j2", "jar",
    "java", "jl", "jpeg", "jpg", "js", "json", "json5", "jsx", "key", "ksh", "kt", "kts", "less",
    "lic", "list", "local", "lock", "lua", "m4", "make", "map", "md", "mjs", "cjs", "ml", "mod",
    "mustache", "netrc", "nginx", "nim", "nix", "npmrc", "opts", "patch", "diff", "pem", "php",
    "pl", "plist", "pm", "png", "policy", "pom", "pref", "properties", "proto", "ps1", "psgi",
    "pub", "pug", "puml", "py", "pyi", "pyx", "r", "rake", "rb", "repo", "rs", "rst", "ru", "rules",
    "runit", "sass", "sbt", "scala", "scss", "service", "sh", "sig", "sha1", "sha256", "sha512",
    "md5", "sln", "socket", "sol", "sql", "sum", "sv", "svg", "swift", "tcl", "template", "tex",
    "tf", "timer", "tmpl", "toml", "tpl", "ts", "tsx", "tt", "ttf", "txt", "vb", "vcl", "vim",
    "vimrc", "vue", "war", "whl", "woff", "woff2", "wsgi", "xml", "xsd", "xsl", "xslt", "yaml",
    "yarnrc", "yml", "zig", "zip", "zsh", "zshrc",
))  # fmt: skip
#: Names without an extension: files of tools, and directories of every other project.
_NAMES = frozenset((
    "authorized_keys", "brewfile", "caddyfile", "capfile", "cargo", "changelog", "copying",
    "crontab", "description", "docker-entrypoint", "dockerfile", "doxyfile", "entrypoint",
    "gemfile", "gnumakefile", "gradlew", "gruntfile", "gulpfile", "haproxy", "id_dsa", "id_rsa",
    "id_ed25519", "install", "jenkinsfile", "justfile", "known_hosts", "licence", "license",
    "makefile", "mvnw", "notice", "passwd", "pipfile", "podfile", "procfile", "rakefile", "readme",
    "requirements", "run", "sconstruct", "sources", "start", "supervisord", "vagrantfile",
    "version", "wscript",
    "app", "apps", "assets", "bin", "build", "client", "cmd", "cnf", "conf", "conf.d", "config",
    "configs", "configuration", "contrib", "cron.d", "css", "deploy", "dist", "doc", "docker",
    "docs", "etc", "examples", "files", "home", "html", "images", "include", "includes", "internal",
    "js", "lib", "libs", "locale", "migrations", "modules", "nginx", "opt", "package", "packages",
    "patches", "pkg", "plugins", "public", "resources", "root", "scripts", "script", "server",
    "services", "site", "sql", "src", "ssh", "ssl", "static", "supervisor", "templates", "test",
    "tests", "themes", "tools", "usr", "utils", "var", "vendor", "views", "web", "www",
))  # fmt: skip


def is_plain_name(path: str) -> bool:
    """Tell whether a path names a directory, or a file of a kind that is no archive.

    What its last part tells, wildcards included: `src/*.py`. A name that tells nothing is not
    plain.
    """
    if path.endswith("/"):
        return True
    name = path.rpartition("/")[2].lower()
    if name in ("", ".", "..") or name in _NAMES:
        return True
    return name.rpartition(".")[2] in _EXTENSIONS if "." in name else False
