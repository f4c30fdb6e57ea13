package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    public static Certificates make(Path folder, String address) throws IOException, InterruptedException {
        Certificates made = new Certificates(Files.createDirectories(folder));
        made.certify("ca", "--generate-self-signed", "cn=\"An authority\"\nca\ncert_signing_key\n");
        made.sign("server", "cn=server\nip_address=" + address + "\ntls_www_server\nsigning_key\nencryption_key\n");
        made.sign("client", "cn=client\ntls_www_client\nsigning_key\nencryption_key\n");
        return made;
    }

    private void sign(String name, String template) throws IOException, InterruptedException {
        certify(
                name,
                "--generate-certificate",
                template,
                "--load-ca-certificate=" + certificate("ca"),
                "--load-ca-privkey=" + key("ca"));
    }

    private void certify(String name, String how, String template, String... options)
            throws IOException, InterruptedException {
        Path file = folder.resolve(name + ".template");
        Files.writeString(file, template + "expiration_days=2\n");
        // libvirt wants a daemon's certificate to permit key encipherment, which only this sort of key has.
        certtool("--generate-privkey", "--key-type=rsa", "--bits=2048", "--outfile=" + key(name));
        List<String> command = new ArrayList<>(List.of(options));
        command.addAll(
                List.of(how, "--load-privkey=" + key(name), "--template=" + file, "--outfile=" + certificate(name)));
        certtool(command.toArray(String[]::new));
    }

    private static void certtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("certtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s", output).isZero();
    }

    Path certificate(String name) {
        return folder.resolve(name + "cert.pem");
    }

    Path key(String name) {
        return folder.resolve(name + "key.pem");
    }

    /// Copies one of the files into another folder.
    Path copy(Path file, Path to) throws IOException {
        return Files.copy(file, Files.createDirectories(to).resolve(folder.relativize(file)));
    }
}
