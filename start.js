// Where Pulumi's host, and `npm run plan`, start the program.
const { mapTraces } = require("./transpile.js");

// The SDK reads a trace for each promise of each resource, and the host has each mapped to its sources: a third of what
// the program takes. Here they are mapped where an error is told; a trace is made when it is first read.
const mapped = Error.prepareStackTrace;
if (mapped !== undefined) {
    delete Error.prepareStackTrace;
    for (const event of ["unhandledRejection", "uncaughtException"]) {
        // Before the host's own listener, which tells it.
        process.prependOnceListener(event, () => {
            mapTraces();
            Error.prepareStackTrace = mapped;
        });
    }
}

// Who loads this anew runs the program anew.
delete require.cache[require.resolve("./index.ts")];
module.exports = require("./index.ts");
