#!/usr/bin/python3
"""Our MLLP against software that is not ours: Debian's python3-hl7 sends to our listener (its mllp_send command and its client class)
and its asyncio server receives our answer. usage: mllp_python.py STATION SAMPLES"""
import asyncio
import subprocess
import sys
import threading

try:
    import hl7
    from hl7.client import MLLPClient
    from hl7.mllp import start_hl7_server
except ImportError:
    sys.exit("python3-hl7 is missing: apt-get install python3-hl7")

station_path, samples = sys.argv[1:3]
received = []


def sample(name):
    with open(f"{samples}/{name}", "rb") as f:
        return f.read()


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: got {got!r}, wanted {wanted!r}")
    print(f"ok  {what}")


def receiver(ready):
    """The hospital's own system, as python3-hl7 understands MLLP."""

    async def handle(reader, writer):
        try:
            while not writer.is_closing():
                message = await reader.readmessage()
                received.append(message)
                writer.writemessage(message.create_ack())
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async def serve():
        server = await start_hl7_server(handle, host="127.0.0.1", port=0, encoding="utf-8")
        ready.port = server.sockets[0].getsockname()[1]
        ready.set()
        await asyncio.Event().wait()

    asyncio.run(serve())


def ack_of(data):
    return hl7.parse(data.strip(b"\x0b\x1c\r").decode("utf-8"))


def main():
    ready = threading.Event()
    threading.Thread(target=receiver, args=(ready,), daemon=True).start()
    ready.wait(20)
    with subprocess.Popen([station_path, f"127.0.0.1:{ready.port}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as station:
        port = int(station.stdout.readline().split()[1])

        def ask(line):
            station.stdin.write(line + "\n")
            station.stdin.flush()
            return station.stdout.readline().strip()

        sent = subprocess.run(["mllp_send", "--loose", "-p", str(port), "-f", f"{samples}/ref_i12_minimal.hl7", "127.0.0.1"], capture_output=True, check=True, timeout=60)
        expect("mllp_send gets a positive acknowledgement", b"MSA|AA|STB-0001" in sent.stdout, True)

        with MLLPClient("127.0.0.1", port) as client:
            for name, code, control in [("ref_i12_full", "CA", "STB-0002"), ("ref_i12_utf8", "AA", "STB-0003"), ("ref_i12_latin1", "AA", "STB-0004"),
                                        ("ref_i12_repetitions", "AA", "STB-0005"), ("ref_i12_bom_lf", "AA", "STB-0007"), ("adt_a01", "AA", "STB-0101")]:
                ack = ack_of(client.send_message(sample(name + ".hl7")))
                expect(f"{name}: code and control id on one connection", (str(ack["MSA.F1"]), str(ack["MSA.F2"])), (code, control))
            broken = sample("ref_i12_minimal.hl7").replace(b"Testcase^Minimal", b"").replace(b"STB-0001", b"STB-0900")
            ack = ack_of(client.send_message(broken))
            expect("a missing name is AE", str(ack["MSA.F1"]), "AE")
            expect("ERR names the field for python3-hl7 too", tuple(str(ack[at]) for at in ("ERR.F2.R1.C1", "ERR.F2.R1.C3", "ERR.F3.R1.C1")), ("PID", "5", "101"))
        expect("messages taken", ask("count"), "6")

        expect("our answer is acknowledged by python3-hl7's server", ask("deliver"), "delivered")
        answer = received[0]
        expect("it is an RRI^I12 for the first referral", (str(answer.segment("MSH")[9]), str(answer["MSA.F2"]), str(answer["RF1.F1.R1.C1"])), ("RRI^I12^RRI_I12", "STB-0001", "A"))
        expect("its text arrives", str(answer["NTE.F3"]), "Zoë has a bed")
        station.stdin.close()
        expect("the station stops cleanly", station.wait(60), 0)


main()
