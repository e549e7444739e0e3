"""From the bodies of sources to rows: messages, the events they tell of, the places, what changed."""
