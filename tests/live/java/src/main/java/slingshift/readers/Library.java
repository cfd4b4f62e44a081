package slingshift.readers;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;

/** One version of the real classes, in a class loader that sees only its own jars and the JDK. */
abstract class Library {
    final ClassLoader loader;

    Library(ClassLoader loader) {
        this.loader = loader;
    }

    /** The folder's name tells what is in it: {@code felix-VERSION} or {@code installer-VERSION}. */
    static Library open(Path folder) throws IOException {
        ClassLoader loader = loader(folder);
        return folder.getFileName().toString().startsWith("felix-") ? new Felix(loader) : new Installer(loader);
    }

    static ClassLoader loader(Path folder) throws IOException {
        List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : found) {
                jars.add(jar.toUri().toURL());
            }
        }
        return new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    /** What the reader makes of a file; its own exception when it gives up. */
    abstract Dictionary<String, Object> read(String fileName, byte[] data) throws Exception;

    /** What the writer makes of the values. */
    abstract byte[] write(Dictionary<String, Object> values, String form) throws Exception;

    /** ConfigAdmin's reason not to take the values, or null. */
    String refusal(Dictionary<String, Object> values) throws Exception {
        throw new UnsupportedOperationException("not a ConfigAdmin");
    }

    Class<?> load(String name) throws ClassNotFoundException {
        // Some libraries look for their implementation through the thread's class loader.
        Thread.currentThread().setContextClassLoader(loader);
        return Class.forName(name, true, loader);
    }

    static Object call(Method method, Object target, Object... arguments) throws Exception {
        method.setAccessible(true);
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw unwrap(e);
        }
    }

    static Exception unwrap(InvocationTargetException wrapped) {
        if (wrapped.getCause() instanceof Error) {
            throw (Error) wrapped.getCause();
        }
        return (Exception) wrapped.getCause();
    }

    /** Felix ConfigAdmin: {@code ConfigurationHandler} and the check that every configuration passes. */
    private static final class Felix extends Library {
        Felix(ClassLoader loader) {
            super(loader);
        }

        @Override
        @SuppressWarnings("unchecked")
        Dictionary<String, Object> read(String fileName, byte[] data) throws Exception {
            Method read = load("org.apache.felix.cm.file.ConfigurationHandler").getMethod("read", InputStream.class);
            return (Dictionary<String, Object>) call(read, null, new ByteArrayInputStream(data));
        }

        @Override
        byte[] write(Dictionary<String, Object> values, String form) throws Exception {
            Method write = load("org.apache.felix.cm.file.ConfigurationHandler")
                    .getMethod("write", OutputStream.class, Dictionary.class);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            call(write, null, bytes, values);
            return bytes.toByteArray();
        }

        @Override
        String refusal(Dictionary<String, Object> values) throws Exception {
            Constructor<?> constructor = load("org.apache.felix.cm.impl.CaseInsensitiveDictionary")
                    .getDeclaredConstructor(Dictionary.class);
            constructor.setAccessible(true);
            try {
                constructor.newInstance(values);
                return null;
            } catch (InvocationTargetException e) {
                return unwrap(e).toString();
            }
        }
    }

    /** Sling's installer core, by the entry that its providers use for every file. */
    private static final class Installer extends Library {
        Installer(ClassLoader loader) {
            super(loader);
        }

        @Override
        @SuppressWarnings("unchecked")
        Dictionary<String, Object> read(String fileName, byte[] data) throws Exception {
            Class<?> resourceType = load("org.apache.sling.installer.api.InstallableResource");
            Object resource = resourceType
                    .getConstructor(
                            String.class, InputStream.class, Dictionary.class, String.class, String.class,
                            Integer.class)
                    .newInstance(fileName, new ByteArrayInputStream(data), null, null, null, null);
            Method create = load("org.apache.sling.installer.core.impl.InternalResource")
                    .getMethod("create", String.class, resourceType);
            Object internal = call(create, null, "jcrinstall", resource);
            return (Dictionary<String, Object>) call(resourceType.getMethod("getDictionary"), internal);
        }

        @Override
        byte[] write(Dictionary<String, Object> values, String form) throws Exception {
            Class<?> factory = load("org.apache.sling.installer.api.serializer.ConfigurationSerializerFactory");
            Class<?> formats = load(factory.getName() + "$Format");
            Object format = call(formats.getMethod("valueOf", String.class), null,
                    form.equals("config") ? "CONFIG" : "JSON");
            Object serializer = call(factory.getMethod("create", formats), null, format);
            Method serialize = load("org.apache.sling.installer.api.serializer.ConfigurationSerializer")
                    .getMethod("serialize", Dictionary.class, OutputStream.class);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            call(serialize, serializer, values, bytes);
            return bytes.toByteArray();
        }
    }
}
