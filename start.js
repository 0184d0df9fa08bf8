// Where Pulumi's host, and `npm run plan`, start the program.
require("./transpile.js");

// Who loads this anew runs the program anew.
delete require.cache[require.resolve("./index.ts")];
module.exports = require("./index.ts");
