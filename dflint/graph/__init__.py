"""The build graph: what would be built, as BuildKit's LLB sees it. Pure values, no execution."""
