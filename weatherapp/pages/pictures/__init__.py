"""Pictures of alerts and places for those who share a link: drawn by the server, on demand."""
