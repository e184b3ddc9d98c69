"""Teaches Schemathesis to write NDJSON, which it does not know."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def write_ndjson(_context, value):
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    lines = value if isinstance(value, list) else [value]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()
