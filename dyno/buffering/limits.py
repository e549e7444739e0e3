"""How much and how long a client may keep the web process busy."""

KIB = 1024

HEAD_AT_MOST = 32 * KIB
BODY_AT_MOST = 256 * KIB  # the site takes no uploads: its largest form is some kB
REQUEST_PATIENCE_S = 20.0  # from its first byte (of a new connection: from the start) to its last

ANSWER_PATIENCE_S = 30.0  # for the client to take what the kernel did not
UNSENT_AT_MOST = 512 * KIB  # of one answer; the thread that writes more waits
THREAD_PATIENCE_S = 5.0  # and so long at most, in all, for one answer

CLOSING_PATIENCE_S = 2.0  # for the client to close, too: it may still be reading
DISCARDED_AT_MOST = 1024 * KIB  # of what it goes on sending meanwhile
STOPPING_PATIENCE_S = 1.0  # a worker that stops waits no longer for any client

BUFFERED_AT_MOST = 2 * 1024 * KIB  # of all connections together: the kernel takes a page whole
