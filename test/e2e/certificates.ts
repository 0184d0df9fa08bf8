import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs openssl in a folder, for what the functions below do not do. */
export function openssl(cwd: string, ...args: string[]): void {
    execFileSync("openssl", args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A certificate authority of its own, `ca.crt` and `ca.key` in the folder of its name. */
export function authority(folder: string, name: string): void {
    execFileSync("mkdir", ["-p", join(folder, name)]);
    const made = ["-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", `/CN=${name}`];
    openssl(join(folder, name), "req", "-x509", ...KEY, ...made);
}

/** A certificate that an authority signed, `tls.crt` and `tls.key` in the folder of its name. */
export function signed(
    folder: string,
    by: string,
    name: string,
    subject: string,
    hosts: readonly string[] = [`${name}.example.com`],
): void {
    const own = join(folder, name);
    execFileSync("mkdir", ["-p", own]);
    openssl(own, "req", ...KEY, "-keyout", "tls.key", "-out", "tls.csr", "-subj", subject);
    writeFileSync(join(own, "extensions"), `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}\n`);
    const ca = ["-CA", join(folder, by, "ca.crt"), "-CAkey", join(folder, by, "ca.key"), "-CAcreateserial"];
    openssl(own, "x509", "-req", "-in", "tls.csr", ...ca, "-days", "1", "-out", "tls.crt", "-extfile", "extensions");
}
