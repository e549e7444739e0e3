"""From the bytes of any warning feed to CAP messages. Pure; the bytes are hostile."""
