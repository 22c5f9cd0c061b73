"""The house rules as data: layers, named edges, outside libraries, promises, walls. docs/architecture.md says why."""

# Layer of each room by folder; an include or a link goes to a lower layer only, or stays inside the room.
LAYERS = {
    "crypto/base": 0, "crypto": 1, "schemas": 2, "hub/store": 3, "hub/net": 4, "hub/state": 4,
    "adapters/formats": 5, "adapters/transport": 5, "hub/client": 5, "hub/journal": 5,
    "adapters/agent": 6, "hub/broker": 6, "adapters/folder": 7,
    "adapters/hospital": 8, "adapters/behavioral": 8, "adapters/police": 8, "adapters/ems": 8, "adapters/facade": 8, "adapters/foreign": 8, "adapters/inbox": 6, "adapters/workbench": 9, "cli/counter": 7, "cli/admin": 8, "cli/audit": 8, "cli/referral": 8, "cli/policy": 8, "cli/compliance": 8, "cli/program": 8, "cli/kit": 8,
    "cli/papers": 10, "cli/authority": 9, "cli/verify": 9, "hub": 9, "adapters": 10, "cli": 9, "tests": 11,
}

# Rooms that may see only these rooms (besides themselves), whatever the layers say.
ONLY = {
    "adapters/formats": {"crypto/base", "schemas"},
    "adapters/transport": {"crypto/base"},
    "adapters/folder": {"crypto/base", "schemas", "adapters/formats", "adapters/transport", "adapters/agent"},
    "adapters/hospital": {"crypto/base", "schemas", "adapters/formats", "adapters/transport", "adapters/agent"},
    "adapters/behavioral": {"crypto/base", "schemas", "adapters/formats", "adapters/transport", "adapters/agent", "adapters/folder"},
    "adapters/police": {"crypto/base", "schemas", "adapters/formats", "adapters/transport", "adapters/agent", "adapters/folder"},
    "adapters/ems": {"crypto/base", "schemas", "adapters/formats", "adapters/transport", "adapters/agent", "adapters/folder"},
    "adapters/facade": {"crypto/base", "schemas", "adapters/formats", "adapters/transport", "adapters/agent"},
    "adapters/foreign": {"crypto/base", "schemas", "adapters/formats", "adapters/transport", "adapters/agent"},
    "adapters/inbox": {"crypto/base", "adapters/transport"},
    "cli/verify": {"crypto/base", "crypto", "schemas"},
    "cli/authority": {"crypto/base", "crypto", "schemas"},
}
# Single headers that a room may see of another that is otherwise closed to it.
NARROW = {
    ("adapters/hospital", "crypto"): set(), ("adapters/behavioral", "crypto"): set(), ("adapters/police", "crypto"): set(), ("adapters/ems", "crypto"): set(),
    ("adapters/hospital", "adapters/agent"): {"adapters/agent/plugin.h"}, ("adapters/behavioral", "adapters/agent"): {"adapters/agent/plugin.h"},
    ("adapters/facade", "crypto"): set(), ("adapters/foreign", "crypto"): set(),
    ("adapters/facade", "adapters/agent"): {"adapters/agent/plugin.h"}, ("adapters/foreign", "adapters/agent"): {"adapters/agent/plugin.h"},
    ("adapters/folder", "crypto"): set(), ("adapters/folder", "adapters/agent"): {"adapters/agent/plugin.h"},
    ("adapters/police", "adapters/agent"): {"adapters/agent/plugin.h"}, ("adapters/ems", "adapters/agent"): {"adapters/agent/plugin.h"},
}
# Of hub/, the rooms that adapters/ and cli/ may see.
HUB_DOORS = {"hub/client", "hub/net", "hub/store"}
# Headers that nothing in hub/ may see.
HUB_BLIND = {"crypto/seal.h", "crypto/locker.h", "crypto/internal/seal_core.h", "crypto/suite/sealing.h", "crypto/suite/sodium/sodium.h", "schemas/body.h", "schemas/model.h",
             "schemas/policy/decide.h", "schemas/policy/view.h"}
# The one place where siblings meet: cli/audit verifies bundles with the verifier's own function.
SIBLINGS = {("cli/audit", "cli/verify")}

# Outside headers and the only places that may include them (prefixes of paths).
OUTSIDE = {
    "lmdb.h": ["hub/store/"],
    "zmq.h": ["hub/net/"], "zmq.hpp": ["hub/net/"], "zmq_addon.hpp": ["hub/net/"],
    "sodium.h": ["crypto/suite/", "crypto/keys.cc", "crypto/locker.cc", "crypto/password.cc", "crypto/random.cc", "crypto/secret.cc", "tests/unit/suite/"],
    "openssl/": ["crypto/merkle.cc", "adapters/transport/", "adapters/agent/people/", "tests/unit/adapters/tls_kit.h"],
    "curl/": ["adapters/transport/"],
    "cjose/": ["adapters/agent/web/", "adapters/agent/people/"],
    "fido.h": ["adapters/agent/people/"], "fido/": ["adapters/agent/people/"], "liboath/": ["adapters/agent/people/"],
    "libxml/": ["adapters/formats/xml/"],
    "httplib.h": ["adapters/transport/"],
    "flatbuffers/": ["schemas/"],
    "toml++/": ["schemas/"], "toml.hpp": ["schemas/"],
    "nlohmann/json.hpp": ["schemas/", "adapters/formats/fhir/", "adapters/formats/mapping/", "adapters/behavioral/", "adapters/ems/", "adapters/police/", "adapters/facade/", "adapters/foreign/", "adapters/agent/", "adapters/workbench/", "adapters/program/", "cli/", "hub/", "tests/"],
    "date/": ["schemas/calendar.cc"],
    "CLI/": ["cli/main.cc"],
    "pugixml.hpp": ["adapters/formats/xml/"],
    "spdlog/": [], "iostream": ["cli/", "hub/main", "adapters/main", "adapters/program/", "tests/"],
    "fmt/": ["schemas/", "hub/", "adapters/", "cli/", "tests/"],
    "doctest/": ["tests/"], "rapidcheck": ["tests/"],
}
# Outside headers that no header of ours may include.
NOT_IN_HEADERS = ["nlohmann/json.hpp", "CLI/", "date/", "flatbuffers/", "rapidcheck", "httplib.h", "spdlog/"]

MAX_FILE_LINES, MAX_FUNCTION_LINES = 600, 80
# Over the walls, and why. This list may only shrink.
OVER_FILE = {}
OVER_FUNCTION = {}

# What must not be imported by a program (regular expressions over `nm -D --undefined-only` and `nm`), and what it must not need.
OPENING = r"crypto_aead_\w+_decrypt|crypto_secretbox_open|crypto_box_open|crypto_box_seal_open"
FORBIDDEN_SYMBOLS = {"handoff-hub": OPENING + r"|_ZN6crypto4openE|_ZN6crypto4sealE|_ZN6crypto6Locker",
                     "handoff-authority": r"\bsocket\b|\bconnect\b", "handoff-verify": r"\bsocket\b|\bconnect\b|_ZN3hub"}
FORBIDDEN_NEEDED = {"handoff-authority": ["libzmq", "libssl", "libcurl"], "handoff-verify": ["libzmq", "libssl", "libcurl", "liblmdb"],
                    "handoff-hub": ["libssl", "libcurl"]}

# Words that have no place in the repository.
FORBIDDEN_WORDS = [r"(?<![\w.])/(?:home|root|work)/", r"(?:registry\.npmjs|deb\.debian|proxy\.golang|pypi)\.org", r"\bTODO\(now\)", r"\bTODO(?!\()", r"\bFIXME\b", r"\bXXX\b"]
