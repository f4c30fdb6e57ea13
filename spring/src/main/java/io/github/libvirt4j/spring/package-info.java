/// Links to hypervisors and tables of their domains as beans of Spring Boot.
///
/// The properties, which begin with `libvirt4j.`, are those of [LibvirtProperties].
///
/// | bean | type |
/// | --- | --- |
/// | `libvirtLink` | the [Link][io.github.libvirt4j.link.Link] to `libvirt4j.uri` |
/// | `<name>Link` | the link to `libvirt4j.links.<name>.uri`; `<name>` is its qualifier |
/// | `<link>DomainWatch` | the [DomainWatch][io.github.libvirt4j.link.DomainWatch] of a link |
/// | `libvirtHealthContributor` | health, with Spring Boot's actuator |
/// | `libvirtMetrics`, `libvirtDomainWatchMetrics` | meters, with `libvirt4j-micrometer` and a registry |
///
/// Each backs off if the application has beans of its type.
///
/// A watch publishes a [DomainWatchEvent] for each notice. The kinds of events that `libvirt4j.events` names
/// are published as they are, as the payload of an event whose source is the link. Listeners are called from
/// the start of the application until its stop, on a thread of the library, one at a time for each watch.
@NullMarked
package io.github.libvirt4j.spring;

import org.jspecify.annotations.NullMarked;
