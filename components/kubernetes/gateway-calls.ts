/** Calls as `METHOD path`, each a regular expression from its start on, and whether it is refused. The first that fits holds. */
export type Calls = readonly (readonly [call: string, refused: 0 | 1])[];

/**
 * What a gateway's nginx passes on by the port that a call came in by; all else is refused. Network policies tell ports
 * apart and no calls, so pushes and queries have ports of their own: who may push does not read. `$server_port` is the
 * socket's, whatever a request says.
 *
 * nginx tries the expressions in this order, on the path after it has decoded and normalised it, as its locations do.
 * @returns lines for the section `http`.
 */
export function callsMap(ports: readonly (readonly [port: number, calls: Calls])[]): string {
    const lines = ports.flatMap(([port, calls]) =>
        calls.map(([call, refused]) => `    "~^${port} ${call}" ${refused};`),
    );
    return `map "$server_port $request_method $uri" $refused {
    default 1;
${lines.join("\n")}
}
`;
}

/** For the section `server`: comes before any location is chosen. */
export const REFUSE = `if ($refused) {
    return 403 "this port of the gateway does not take this call\\n";
}
`;
