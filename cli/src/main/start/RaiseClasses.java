import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Gives the classes of jars the format of Java 8, where theirs is older than that of Java 6: `RaiseClasses JAR…`, in
/// place. Their code stays as it is, and is checked.
///
/// Classes of the formats before Java 6 have no stack maps. The VM verifies them in another way, and puts them into no AOT
/// cache: picocli's, which are of Java 5, would be read and linked at each start.
final class RaiseClasses {
    private static final int WITHOUT_STACK_MAPS = ClassFile.JAVA_5_VERSION;

    private RaiseClasses() {}

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            byte[] raised;
            try (ZipFile old = new ZipFile(jar)) {
                if (old.stream().noneMatch(entry -> isOld(entry, content(old, entry)))) {
                    continue;
                }
                raised = raised(old);
            }
            Path whole = Files.write(Path.of(jar + ".new"), raised);
            Files.move(whole, Path.of(jar), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static byte[] raised(ZipFile old) throws IOException {
        ClassFile format = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(
                                type -> read(old, name(type)))
                        .orElse(ClassHierarchyResolver.defaultResolver())));
        var bytes = new ByteArrayOutputStream();
        try (ZipOutputStream jar = new ZipOutputStream(bytes)) {
            for (ZipEntry entry : old.stream().toList()) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                jar.putNextEntry(copy);
                byte[] content = content(old, entry);
                jar.write(isOld(entry, content) ? raised(format, entry, content) : content);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] raised(ClassFile format, ZipEntry entry, byte[] old) {
        // Methods are written anew for their stack maps.
        byte[] raised = format.transformClass(format.parse(old), (builder, element) -> {
            switch (element) {
                case ClassFileVersion _ -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                case MethodModel method ->
                    builder.transformMethod(method, MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL));
                default -> builder.with(element);
            }
        });
        List<VerifyError> errors = format.verify(raised);
        if (!errors.isEmpty()) {
            throw new IllegalStateException(entry.getName() + ": " + errors.getFirst().getMessage());
        }
        return raised;
    }

    private static boolean isOld(ZipEntry entry, byte[] content) {
        return entry.getName().endsWith(".class")
                && ClassFile.of().parse(content).majorVersion() <= WITHOUT_STACK_MAPS;
    }

    private static byte[] content(ZipFile jar, ZipEntry entry) {
        try (InputStream content = jar.getInputStream(entry)) {
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1) + ".class";
    }

    /// A class of the jar; null for others, which are the JDK's.
    private static InputStream read(ZipFile jar, String name) {
        ZipEntry entry = jar.getEntry(name);
        return entry == null ? null : new ByteArrayInputStream(content(jar, entry));
    }
}
