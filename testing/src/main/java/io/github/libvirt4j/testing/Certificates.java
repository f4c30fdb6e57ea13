package io.github.libvirt4j.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Certificates of an authority of its own: what a daemon and its clients need for TLS, in one folder, under
/// the names libvirt looks for.
///
/// @param folder what a URI has as its `pkipath`
public record Certificates(Path folder) {
    /// Makes them.
    ///
    /// @param address that of the daemon which they hold for
    public static Certificates make(Path folder, String address) throws IOException {
        Certificates made = new Certificates(Files.createDirectories(folder));
        made.certify("ca", "--generate-self-signed", "cn=\"An authority\"\nca\ncert_signing_key\n");
        made.sign("server", "cn=server\nip_address=" + address + "\ntls_www_server\nsigning_key\nencryption_key\n");
        made.sign("client", "cn=client\ntls_www_client\nsigning_key\nencryption_key\n");
        return made;
    }

    private void sign(String name, String template) throws IOException {
        certify(
                name,
                "--generate-certificate",
                template,
                "--load-ca-certificate=" + certificate("ca"),
                "--load-ca-privkey=" + key("ca"));
    }

    private void certify(String name, String how, String template, String... options) throws IOException {
        Path file = folder.resolve(name + ".template");
        Files.writeString(file, template + "expiration_days=2\n");
        // libvirt wants a daemon's certificate to permit key encipherment, which only this sort of key has.
        certtool("--generate-privkey", "--key-type=rsa", "--bits=2048", "--outfile=" + key(name));
        List<String> command = new ArrayList<>(List.of(options));
        command.addAll(
                List.of(how, "--load-privkey=" + key(name), "--template=" + file, "--outfile=" + certificate(name)));
        certtool(command.toArray(String[]::new));
    }

    private static void certtool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("certtool"));
        command.addAll(List.of(arguments));
        var _ = Daemon.run(command, "");
    }

    /// The certificate of the authority (`ca`), the server or the client.
    public Path certificate(String name) {
        return folder.resolve(name + "cert.pem");
    }

    /// The key of one of them.
    public Path key(String name) {
        return folder.resolve(name + "key.pem");
    }

    /// Copies one of the files into another folder.
    public Path copy(Path file, Path to) throws IOException {
        return Files.copy(file, Files.createDirectories(to).resolve(folder.relativize(file)));
    }
}
