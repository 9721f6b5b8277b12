"""The server's processes: supervisor, worker, RSGI bridge and graceful shutdown."""
