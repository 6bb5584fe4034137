/// Why there is no sandbox on this machine.
public struct SandboxError: Error, CustomStringConvertible {
    /// What is missing, and the way out.
    public var description: String

    static func unavailable(_ reason: String) -> SandboxError {
        SandboxError(
            description: "generated code cannot be run safely here: \(reason). The sandbox needs "
                + "Linux with user namespaces, python3 under /usr, and util-linux; allow the "
                + "namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0, or "
                + "user.max_user_namespaces above 0; in a container, a profile that permits "
                + "unshare), or leave the flag out: the answers are kept in the records, and the "
                + "same command with the flag on another machine scores them")
    }
}
