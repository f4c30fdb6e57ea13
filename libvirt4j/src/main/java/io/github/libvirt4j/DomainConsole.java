package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGraphicsReload;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainInjectNMI;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainOpenChannel;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainOpenConsole;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainOpenGraphics;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainOpenGraphicsFD;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainScreenshot;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSendKey;

import io.github.libvirt4j.stream.Sink;
import io.github.libvirt4j.stream.ThrowingSink;
import io.github.libvirt4j.types.DomainChannelFlags;
import io.github.libvirt4j.types.DomainConsoleFlags;
import io.github.libvirt4j.types.DomainGraphicsReloadType;
import io.github.libvirt4j.types.DomainOpenGraphicsFlags;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.KeycodeSet;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The consoles, channels and screens of a domain: `domain.console()`. Immutable, safe for use by any thread.
/// See [collections][io.github.libvirt4j] in the package description.
///
/// @param domain the domain
public record DomainConsole(Domain domain) {
    /// Attaches a stream that delivers a screenshot of the domain, for [Stream#receiveAll] and similar
    /// methods.
    ///
    /// @c {@index virDomainScreenshot} libvirt 0.9.2
    /// @param stream a new stream, not attached to anything yet
    /// @param screen the number of the screen, from 0
    /// @return the MIME type of the picture: `image/png`, `image/x-portable-pixmap`, …
    public String screenshot(Stream stream, int screen) {
        return stream.attach(
                domain.connect(),
                st -> domain.takeString("virDomainScreenshot", p -> virDomainScreenshot(p, st, screen, 0)));
    }

    /// Takes a screenshot of the domain.
    ///
    /// ```java
    /// String type = domain.console().screenshot(0, file::write);
    /// ```
    ///
    /// The program `Screenshot` in `examples` shows more.
    ///
    /// @param screen the number of the screen, from 0
    /// @param sink receives the picture, piece by piece
    /// @return the MIME type of the picture: `image/png`, `image/x-portable-pixmap`, …
    /// @throws X the exception of the sink, the same object
    public <X extends Exception> String screenshot(int screen, Sink<X> sink) throws X {
        try (Stream stream = domain.connect().newStream()) {
            String type = screenshot(stream, screen);
            stream.receiveAll(sink);
            stream.finish();
            return type;
        }
    }

    /// Takes a screenshot of the domain, in languages without checked exceptions. Otherwise like
    /// [#screenshot(int, Sink)].
    ///
    /// @param screen the number of the screen, from 0
    /// @param sink receives the picture, piece by piece
    /// @return the MIME type of the picture
    /// @throws Exception the exception of the sink, the same object
    @SuppressWarnings("overloads") // Sink is a ThrowingSink, and therefore always the more specific.
    public String screenshot(int screen, ThrowingSink sink) throws Exception {
        Sink<Exception> known = sink::write;
        return screenshot(screen, known);
    }

    /// Attaches a stream, in both directions, to a console: a serial or parallel port of the guest. The
    /// program `LiveConsole` in `examples` connects it to a terminal.
    ///
    /// @c {@index virDomainOpenConsole} libvirt 0.8.6
    /// @param device the alias of the console, serial or parallel device; null for the first
    /// @param stream a new stream, not attached to anything yet
    /// @param flags default: the call fails if the console is in use; [DomainConsoleFlags#FORCE] disconnects
    ///     its user, and [DomainConsoleFlags#SAFE] fails if the driver cannot exclude other users
    public void open(@Nullable String device, Stream stream, DomainConsoleFlags... flags) {
        stream.attachConversation(
                domain.connect(),
                st -> domain.call(
                        "virDomainOpenConsole",
                        (p, in) ->
                                virDomainOpenConsole(p, in.stringOrNull(device, "device"), st, Flag.combine(flags))));
    }

    /// Attaches a stream, in both directions, to a channel to a program in the guest.
    ///
    /// @c {@index virDomainOpenChannel} libvirt 1.0.2
    /// @param name the alias or target name of the channel; null for the first channel
    /// @param stream a new stream, not attached to anything yet
    /// @param flags default: the call fails if the channel is in use; [DomainChannelFlags#FORCE] disconnects
    ///     its user
    public void openChannel(@Nullable String name, Stream stream, DomainChannelFlags... flags) {
        stream.attachConversation(
                domain.connect(),
                st -> domain.call(
                        "virDomainOpenChannel",
                        (p, in) -> virDomainOpenChannel(p, in.stringOrNull(name, "name"), st, Flag.combine(flags))));
    }

    /// Presses keys of the domain's keyboard together, and releases them. Returns before they are released.
    ///
    /// @c {@index virDomainSendKey} libvirt 0.9.3
    /// @param codeset the numbering of the keys
    /// @param holdtime how long the keys are pressed; whole milliseconds, a fraction is cut off. Zero for the
    ///     driver's default
    /// @param keycodes the keys, one to 16
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void sendKey(KeycodeSet codeset, Duration holdtime, int... keycodes) {
        int ms = Math.toIntExact(holdtime.toMillis());
        List<Integer> keys = Arrays.stream(keycodes).boxed().toList();
        domain.call(
                "virDomainSendKey", (p, in) -> virDomainSendKey(p, codeset.value(), ms, in.ints(keys), keys.size(), 0));
    }

    /// Sends the guest a non-maskable interrupt (NMI).
    ///
    /// @c {@index virDomainInjectNMI} libvirt 0.9.2
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void injectNmi() {
        domain.call("virDomainInjectNMI", p -> virDomainInjectNMI(p, 0));
    }

    /// Connects one end of a pair of sockets to a graphics device of the domain, for a client that has the
    /// other end. [#openGraphicsFd] makes the pair itself. Needs a connection to a local daemon, over a UNIX
    /// socket.
    ///
    /// ```java
    /// List<OpenFile> pair = OpenFile.socketPair();
    /// domain.console().openGraphics(0, pair.getLast());
    /// ```
    ///
    /// @c {@index virDomainOpenGraphics} libvirt 0.9.7
    /// @param index the number of the graphics device in the domain's XML, from 0
    /// @param socket the hypervisor's end, which libvirt duplicates: the caller closes its own afterwards
    /// @throws IllegalStateException also if `socket` is closed
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void openGraphics(int index, OpenFile socket, DomainOpenGraphicsFlags... flags) {
        List<OpenFile> one = List.of(socket);
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainOpenGraphics",
                (p, in) -> OpenFile.using(
                        one, in, (_, fds) -> virDomainOpenGraphics(p, index, fds.get(ValueLayout.JAVA_INT, 0), bits)));
    }

    /// Connects to a graphics device of the domain, without its port and, if a flag says so, without its
    /// login. Needs a connection to a local daemon, over a UNIX socket.
    ///
    /// @c {@index virDomainOpenGraphicsFD} libvirt 1.2.8
    /// @param index the number of the graphics device in the domain's XML, from 0
    /// @return a socket that speaks the protocol of the device, VNC or SPICE; the caller closes it
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public OpenFile openGraphicsFd(int index, DomainOpenGraphicsFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.using("virDomainOpenGraphicsFD", (p, _) -> {
            OpenFile socket = new OpenFile();
            socket.begin(domain.check(virDomainOpenGraphicsFD(p, index, bits), "virDomainOpenGraphicsFD"));
            return socket;
        });
    }

    /// Has a graphics device of the running domain load its TLS certificates again.
    ///
    /// @c {@index virDomainGraphicsReload} libvirt 10.2.0
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void graphicsReload(DomainGraphicsReloadType type) {
        domain.call("virDomainGraphicsReload", p -> virDomainGraphicsReload(p, type.value(), 0));
    }
}
