package slingshift.readers;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;

/** One build of Sling's configuration factory: the PID that it makes of a file's name. */
final class FileNames {
    private final ClassLoader loader;

    private FileNames(ClassLoader loader) {
        this.loader = loader;
    }

    static FileNames open(Path folder) throws IOException {
        return new FileNames(Library.loader(folder));
    }

    /** {@code service.pid} and {@code service.factoryPid}, which may be null. */
    String[] pid(String fileName) throws Exception {
        Class<?> creator = Class.forName(
                "org.apache.sling.installer.factories.configuration.impl.ConfigTaskCreator", true, loader);
        Class<?> resourceType =
                Class.forName("org.apache.sling.installer.api.tasks.RegisteredResource", true, loader);
        Object resource = Proxy.newProxyInstance(loader, new Class<?>[] {resourceType}, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "getURL":
                    return "jcrinstall:/apps/example/config/" + fileName;
                case "getType":
                    return "properties";
                default:
                    throw new UnsupportedOperationException(method.toString());
            }
        });
        // Its services are of no use for a name; their number differs from build to build.
        Constructor<?> constructor = creator.getConstructors()[0];
        Object made = constructor.newInstance(new Object[constructor.getParameterCount()]);
        Object result = Array.get(creator.getMethod("transform", resourceType).invoke(made, resource), 0);
        Method attributes = result.getClass().getMethod("getAttributes");
        Map<?, ?> found = (Map<?, ?>) attributes.invoke(result);
        return new String[] {(String) found.get("service.pid"), (String) found.get("service.factoryPid")};
    }
}
