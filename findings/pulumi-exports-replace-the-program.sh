#!/usr/bin/env bash
# Pulumi's Node host runs what `exports` of package.json names, and not `main`, nor index.ts beside it.
#
# A program that becomes a package as well, so that others import its components, gets an `exports` map for them. From then
# on the host loads the library's entry in that folder. It ends without an error, having registered no resource, which is
# how a program looks whose stack is to be emptied. `main` in Pulumi.yaml names the program again.
#
# @pulumi/pulumi 3.248.0, sdk/nodejs/cmd/run/run.ts ("Check if package.json specifies an entrypoint via `exports`").
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > package.json <<'JSON'
{ "name": "program", "version": "1.0.0", "main": "index.js", "exports": { ".": "./library.js" } }
JSON
printf 'name: program\nruntime: nodejs\n' > Pulumi.yaml
echo 'console.log("loaded: index.js");' > index.js
echo 'console.log("loaded: library.js");' > library.js
npm install --silent --no-save --ignore-scripts @pulumi/pulumi@3.248.0 @grpc/grpc-js@1.14.7 google-protobuf@3.21.4 > /dev/null

# The least engine that a program can talk to: every call is answered, nothing is kept.
cat > engine.js <<'JS'
const { spawn } = require("node:child_process");
const grpc = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const engine = require("@pulumi/pulumi/proto/engine_pb");
const resource = require("@pulumi/pulumi/proto/resource_pb");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const { ResourceMonitorService } = require("@pulumi/pulumi/proto/resource_grpc_pb");

const answer = (make) => (_call, done) => done(null, make());
const server = new grpc.Server();
server.addService(EngineService, {
    log: answer(() => new Empty()),
    getRootResource: answer(() => new engine.GetRootResourceResponse()),
    setRootResource: answer(() => new engine.SetRootResourceResponse()),
});
server.addService(ResourceMonitorService, {
    supportsFeature: answer(() => new resource.SupportsFeatureResponse()),
    registerResource: answer(() => new resource.RegisterResourceResponse().setUrn("urn:pulumi:s::program::t::n")),
    registerResourceOutputs: answer(() => new Empty()),
    signalAndWaitForShutdown: answer(() => new Empty()),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_error, port) => {
    const address = `127.0.0.1:${port}`;
    const options = ["--monitor", address, "--engine", address, "--project", "program", "--stack", "s", "--dry-run"];
    const host = require.resolve("@pulumi/pulumi/cmd/run");
    const program = spawn(process.execPath, [host, ...options, "."], { stdio: ["ignore", "inherit", "inherit"] });
    program.on("close", (code) => {
        server.forceShutdown();
        process.exitCode = code ?? 1;
    });
});
JS

said=$(PULUMI_NODEJS_TYPESCRIPT=false node engine.js)
echo "$said"
[ "$said" = "loaded: library.js" ] || { echo "changed: main was run, or both"; exit 1; }
