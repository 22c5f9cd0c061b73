"""Desks of a county: which agencies have the web inbox, under which address, and who may sign in there. All people are made up."""
import os
import socket
import urllib.error
import urllib.request

# login -> agency, name, roles of the policy. The password is the login's, so that a page may print both.
PEOPLE = {
    "r.vance": {"agency": "apd", "name": "R. Vance", "roles": ["officer"], "words": "officer"},
    "n.reyes": {"agency": "stb", "name": "N. Reyes", "roles": ["intake"], "words": "charge nurse"},
    "m.okafor": {"agency": "stb", "name": "M. Okafor", "roles": ["clinician"], "words": "clinician"},
    "s.holt": {"agency": "stb", "name": "S. Holt", "roles": ["supervisor"], "words": "supervisor"},
    "p.lund": {"agency": "stb", "name": "P. Lund", "roles": ["privacy_officer"], "words": "privacy officer"},
    "i.tran": {"agency": "stb", "name": "I. Tran", "roles": ["it_admin"], "words": "IT"},
    "d.moss": {"agency": "stb", "name": "D. Moss", "roles": ["detox_desk"], "words": "detox desk"},
    "k.soto": {"agency": "harbor", "name": "K. Soto", "roles": ["clinician"], "words": "clinician"},
    "b.ames": {"agency": "county", "name": "B. Ames", "roles": ["program_manager"], "words": "program manager"},
}
for login, person in PEOPLE.items():
    person["password"] = "lantern-" + login.replace(".", "-") + "-9400"


class Desk:
    """One agency's inbox. Each has a host name of its own, because browsers keep cookies by host and not by port."""

    def __init__(self, slug, port):
        self.slug, self.port = slug, port
        self.url = f"http://{slug}.localhost:{port}"

    def answers(self):
        try:
            with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.port}/inbox/", headers={"Host": f"{self.slug}.localhost:{self.port}"})) as page:
                return page.status == 200
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def open_desk(county, slug, more=""):
    """Gives an agency's agent an HTTP server on loopback with the inbox; before it starts."""
    desk = Desk(slug, free_port())
    with open(county.stage.path(slug, "agent.toml"), "a") as f:
        f.write(f'\n[http]\nlisten = "127.0.0.1:{desk.port}"\npublic_url = "{desk.url}"\n\n[inbox]\n{more}')
    return desk


def keeper_of(slug):
    """Who keeps an agency's accounts: the first one there is, as every agency needs one. Here also who sits at the terminal."""
    return f"it.{slug}", f"lantern-{slug}-keeper-9400"


def sign_in(county, slug):
    """The terminal's sign-in, kept in the county's own folder."""
    login, password = keeper_of(slug)
    county.stage.run("handoff", "--agent", county.stage.path(slug), "login", login, "--password-file", county.write("password", password))


def add_people(county, logins=tuple(PEOPLE), keepers_also=()):
    """Accounts, as an agency's IT makes them: a keeper first, who adds the others; each has chosen a password of their own. `keepers_also`:
    more roles of the keeper, for who sits at the terminal."""
    os.environ["XDG_CONFIG_HOME"] = county.stage.path("config")
    os.environ["XDG_STATE_HOME"] = county.stage.path("state")

    def handoff(slug, *words):
        county.stage.run("handoff", "--agent", county.stage.path(slug), *words)

    def add(slug, login, name, roles):
        handoff(slug, "people", "add", login, "--name", name, *(w for r in roles for w in ("--role", r)), "--password-file", county.write("first", "first-" + login + "-4711"))

    def settle(slug, login, password):
        handoff(slug, "login", login, "--password-file", county.write("first", "first-" + login + "-4711"), "--new-password-file", county.write("password", password))

    for slug in dict.fromkeys(PEOPLE[login]["agency"] for login in logins):
        keeper, password = keeper_of(slug)
        add(slug, keeper, "Accounts", ["it_admin", *keepers_also])
        settle(slug, keeper, password)
        mine = [p for p in logins if PEOPLE[p]["agency"] == slug]
        for login in mine:
            add(slug, login, PEOPLE[login]["name"], PEOPLE[login]["roles"])
        for login in mine:
            settle(slug, login, PEOPLE[login]["password"])
        sign_in(county, slug)
