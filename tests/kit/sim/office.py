"""What the simulated systems share: files that appear whole, and calls over HTTP."""
import os
import tempfile
import urllib.error
import urllib.request


def drop(folder, name, text):
    """As any program should: written beside, then moved in whole."""
    os.makedirs(folder, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
    with os.fdopen(handle, "w", newline="", encoding="utf-8") as f:
        f.write(text)
    os.rename(beside, os.path.join(folder, name))
    return os.path.join(folder, name)


def call(method, url, body=None, kind="application/json", token=None, seconds=30):
    """(status, headers, text); an answer of any status is one."""
    headers = {"Content-Type": kind, "Accept": kind, **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(url, body.encode() if body is not None else None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, dict(answer.headers), answer.read().decode()


def replaced(text, pairs):
    """FROM=TO of a command line."""
    for pair in pairs or []:
        old, new = pair.split("=", 1)
        text = text.replace(old, new)
    return text
