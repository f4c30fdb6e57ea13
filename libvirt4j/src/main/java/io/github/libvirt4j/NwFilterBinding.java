package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterBindingDelete;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterBindingFree;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterBindingGetFilterName;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterBindingGetPortDev;
import static io.github.libvirt4j.internal.raw.LibvirtNwfilter.virNWFilterBindingGetXMLDesc;

import io.github.libvirt4j.internal.c.NativeObject;
import java.lang.foreign.MemorySegment;

/// The binding of a network filter to the network device of an interface of a domain. libvirt creates one
/// when a domain with a filter starts. C: `virNWFilterBindingPtr`. Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virNWFilterBindingFree} libvirt 4.5.0
public final class NwFilterBinding extends Noun {
    /// The device and the filter of a binding as a plain value. Immutable, safe for use by any thread.
    ///
    /// @param portDev the name of the network device, which identifies the binding
    /// @param filterName the name of the filter
    public record Identity(String portDev, String filterName) {}

    static final NativeObject.Release FREE = binding -> virNWFilterBindingFree(binding);

    NwFilterBinding(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the network device on the host, such as `vnet0`: the identity of the binding.
    ///
    /// @c {@index virNWFilterBindingGetPortDev} libvirt 4.5.0
    public String portDev() {
        return (String) identityNow();
    }

    /// The name of the filter.
    ///
    /// @c {@index virNWFilterBindingGetFilterName} libvirt 4.5.0
    public String filterName() {
        return keptString("virNWFilterBindingGetFilterName", p -> virNWFilterBindingGetFilterName(p));
    }

    /// The device and the filter of the binding as a plain value.
    public Identity identity() {
        return new Identity(portDev(), filterName());
    }

    /// The description of the binding as XML.
    ///
    /// @c {@index virNWFilterBindingGetXMLDesc} libvirt 4.5.0
    public String xmlDesc() {
        return takeString("virNWFilterBindingGetXMLDesc", p -> virNWFilterBindingGetXMLDesc(p, 0));
    }

    /// Removes the binding, and the rules of its filter from the device.
    ///
    /// @c {@index virNWFilterBindingDelete} libvirt 4.5.0
    public void delete() {
        call("virNWFilterBindingDelete", p -> virNWFilterBindingDelete(p));
    }

    @Override
    String noun() {
        return "network filter binding";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return kept(virNWFilterBindingGetPortDev(pointer), "virNWFilterBindingGetPortDev");
    }
}
