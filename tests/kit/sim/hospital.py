#!/usr/bin/env python3
"""A hospital's own system: sends HL7 v2 over MLLP (REF, ADT, SIU from files), and listens for answers, which it acknowledges as it is told
to: right, slow, reject (AR), error (AE), wrong (the ACK of another message), garbage, or dead (no answer at all)."""
import argparse
import socket
import sys
import threading
import time

START, END, CR = b"\x0b", b"\x1c\r", "\r"
MANNERS = ("right", "slow", "reject", "error", "wrong", "garbage", "dead")


def acknowledgement(message, code="AA", control=None):
    msh = message.split(CR)[0].split("|")
    return CR.join([f"MSH|^~\\&|EHR|STBRIGID|HANDOFF|STB|{msh[6]}||ACK^I12^ACK|A{msh[9]}|P|2.5.1", f"MSA|{code}|{control or msh[9]}", ""])


class HospitalSystem:
    """Its listener: `port`, what it has `received`, and its `manners`, which may change while it runs."""

    def __init__(self, port=0, manners="right", slow_s=2.0, tell=None):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.received, self.manners, self.slow_s, self.tell = [], manners, slow_s, tell
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        buffer = b""
        while chunk := connection.recv(65536):
            buffer += chunk
            while END in buffer:
                frame, buffer = buffer.split(END, 1)
                text = frame.lstrip(START).decode()
                self.received.append(text)
                if self.tell:
                    self.tell(text)
                self._answer(connection, text)

    def _answer(self, connection, text):
        manners = self.manners
        if manners == "dead":
            return
        if manners == "slow":
            time.sleep(self.slow_s)
        if manners == "garbage":
            connection.sendall(b"no frame at all")
            return
        code = {"reject": "AR", "error": "AE"}.get(manners, "AA")
        connection.sendall(START + acknowledgement(text, code, "OTHER" if manners == "wrong" else None).encode() + END)

    @staticmethod
    def send(port, message, host="127.0.0.1", seconds=30):
        """One message on a connection of its own; its acknowledgement."""
        with socket.create_connection((host, int(port)), timeout=seconds) as s:
            s.sendall(START + message.encode() + END)
            answer = b""
            while END not in answer:
                chunk = s.recv(65536)
                if not chunk:
                    raise ConnectionError("the line was closed without an answer")
                answer += chunk
        return answer.lstrip(START).split(END)[0].decode()


def send_until_taken(host, port, message, seconds):
    """As an interface engine does: sends again while nobody answers or the answer is "not now" (AR); AA and AE are final."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = HospitalSystem.send(port, message, host)
            if "MSA|AR" not in answer and "MSA|CR" not in answer:
                return answer
        except OSError:
            answer = ""
        if time.monotonic() > deadline:
            return answer
        time.sleep(0.3)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    listen = verbs.add_parser("listen", help="take messages and acknowledge them; prints each")
    listen.add_argument("--port", type=int, default=0)
    listen.add_argument("--manners", choices=MANNERS, default="right")
    send = verbs.add_parser("send", help="send files; exit 1 if one is not taken (AA)")
    send.add_argument("--to", required=True, metavar="HOST:PORT")
    send.add_argument("--control", help="control id (MSH-10) instead of the file's")
    send.add_argument("--retry", type=float, default=0, metavar="SECONDS", help="send again while it is not taken for passing reasons")
    send.add_argument("files", nargs="+")
    args = parser.parse_args()
    if args.verb == "listen":
        system = HospitalSystem(args.port, args.manners, tell=lambda text: print(text.replace(CR, "\n"), flush=True))
        print(f"listening 127.0.0.1:{system.port}", flush=True)
        threading.Event().wait()
    taken = True
    for name in args.files:
        with open(name, newline="", encoding="utf-8-sig") as f:
            text = f.read().replace("\r\n", CR).replace("\n", CR)
        if args.control:
            segments = text.split(CR)
            msh = segments[0].split("|")
            msh[9] = args.control
            text = CR.join(["|".join(msh), *segments[1:]])
        answer = send_until_taken(*args.to.rsplit(":", 1), text, args.retry)
        print(answer.replace(CR, "\n"), flush=True)
        taken = taken and "MSA|AA" in answer
    return 0 if taken else 1


if __name__ == "__main__":
    sys.exit(main())
