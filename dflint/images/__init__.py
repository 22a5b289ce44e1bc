"""The images of a store as people see them: listed, described, named, removed, saved, measured."""
