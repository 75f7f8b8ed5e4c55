"""Words and plumbing that at least two parties need; knows no service and holds no rule."""
