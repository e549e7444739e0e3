"""Where places are: cities of the world by name and by position, without asking anybody."""
