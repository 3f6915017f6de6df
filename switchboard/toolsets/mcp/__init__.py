"""Tools of MCP servers: a child process that is spoken to over its pipes, or streamable HTTP."""
