"""Whether the work is done: what is measured, what it means, and what a wrong clock left behind."""
