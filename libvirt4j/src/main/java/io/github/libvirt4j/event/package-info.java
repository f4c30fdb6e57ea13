/// Events as values: records without native resources, which can be kept, compared, queued and printed for
/// ever.
///
/// They carry the identity of the object they are about; `connect.domains().lookup(event.domain())` gives its
/// handle when one is wanted. A component named `raw…` is the number C gave, the method of the same name
/// without `raw` the enum.
@NullMarked
package io.github.libvirt4j.event;

import org.jspecify.annotations.NullMarked;
