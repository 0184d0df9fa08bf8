#!/usr/bin/env bash
# Pulumi's host of policy packs loads a TypeScript compiler for packs in plain JavaScript, whatever they ask for.
#
# A program may say `options: { typescript: false }` of its runtime and then is run as it is: the host of programs reads
# PULUMI_NODEJS_TYPESCRIPT, by which the language host passes that on (cmd/run/run.js). The host of policy packs takes no notice of
# it (cmd/run-policy-pack/index.js sets `typeScript` for every Node): it registers ts-node with type checks on before the pack is
# read. A pack in JavaScript, or one that brings a faster compiler of its own, waits for a third of a second at each preview for
# what it never uses; one in TypeScript is type-checked with all that it imports each time.
#
# npm: @pulumi/pulumi 3.248.0. The pack here is one file that tells what was loaded before it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @pulumi/pulumi@3.248.0 typescript@5.9.3 ts-node@10.9.2
mkdir pack
cat > pack/index.js << 'END'
const loaded = (name) => Object.keys(require.cache).some((path) => path.includes(`/node_modules/${name}/`));
console.log(["typescript", "ts-node"].filter(loaded).join(" ") || "neither");
process.exit(0);
END
echo '{ "name": "pack", "main": "index.js" }' > pack/package.json
export PULUMI_NODEJS_TYPESCRIPT=false
told=$(node node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js 127.0.0.1:1 "$folder/pack" 2>&1 | tail -n 1)
[ "$told" = "typescript ts-node" ] || { echo "changed: the host of packs has loaded: $told"; exit 1; }
echo "loaded before a pack in JavaScript that wants no compiler: $told"
