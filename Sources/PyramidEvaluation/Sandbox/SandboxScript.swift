/// The shell script that builds a sandbox's walls and starts python3 inside them.
///
/// It runs as the root of a fresh user namespace, whose only right is over its own namespaces:
/// there is no network but a loopback that is down, no other process is visible, and the file
/// system is an empty one in memory with the system's programs in it, read-only. Before python3
/// starts, every right over the namespaces is given up, so that the walls cannot be taken down
/// from inside. When python3 ends or is killed, the kernel ends all that it started, since it is
/// the first process of its namespace.
enum SandboxScript {
    /// The script; its first argument is the program. On standard input it would be a pipe, and a
    /// sandbox that ends before it has read all would end the writer too.
    static func text(_ limits: SandboxLimits) -> String {
        """
        set -e
        cd /
        PATH=/usr/sbin:/usr/bin:/sbin:/bin
        root=/tmp
        mount --make-rprivate /
        mount -t tmpfs -o size=\(4 * limits.fileSize),nr_inodes=4096,mode=755 sandbox $root
        for folder in usr bin sbin lib lib32 lib64; do
          if [ -L /$folder ]; then
            cp -P /$folder $root/$folder
          elif [ -d /$folder ]; then
            mkdir $root/$folder
            mount --bind /$folder $root/$folder
            mount -o remount,bind,ro $root/$folder ||
              mount -o remount,bind,ro,nosuid,nodev $root/$folder
          fi
        done
        mkdir $root/dev $root/work
        : > $root/dev/null
        mount --bind /dev/null $root/dev/null
        printf %s "$1" > $root/program.py
        exec prlimit --cpu=\(limits.processorSeconds) --as=\(limits.memory) \\
          --fsize=\(limits.fileSize) --nproc=\(limits.processes) --nofile=64 --core=0 \\
          chroot $root \\
          setpriv --bounding-set=-all --inh-caps=-all --no-new-privs \\
          env -i HOME=/work sh -c 'cd /work && exec python3 -I -B -X utf8 /program.py'
        """
    }

    /// The program and its arguments that run the script in namespaces of its own.
    ///
    /// - Parameters:
    ///   - program: The text of the Python program.
    ///   - isRoot: Whether this process belongs to the system's root. Limits on the number of
    ///     processes do not hold for root, so the sandbox is then another user's, 65534.
    ///   - limits: What the program may use.
    static func command(
        _ program: String, isRoot: Bool, _ limits: SandboxLimits
    ) -> [String] {
        let user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        let namespaces = [
            "unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--uts",
            "--fork", "--kill-child",
        ]
        return (isRoot ? user : []) + namespaces + ["sh", "-c", text(limits), "sh", program]
    }
}
