"""What manuscripts say of results: one module a family of results, words of methods and of results side by side."""
