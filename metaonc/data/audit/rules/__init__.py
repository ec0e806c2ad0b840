"""The rules of an audit, a module a family."""
