"""Other builders that can be given a build: programs that are installed beside dflint."""
