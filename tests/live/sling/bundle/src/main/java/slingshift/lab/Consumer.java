package slingshift.lab;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ManagedServiceFactory;

/** Takes the instances of one factory and shows each as a service with its properties, as AEM's components do. */
final class Consumer implements ManagedServiceFactory {

    /** What a consumer offers for an instance; AEM's own interfaces are not public. */
    public interface Configured {
    }

    private final BundleContext context;
    private final String factory;
    private final Deliveries deliveries;
    private final Map<String, ServiceRegistration<Configured>> shown = new ConcurrentHashMap<>();
    private ServiceRegistration<ManagedServiceFactory> registration;

    Consumer(BundleContext context, String factory, Deliveries deliveries) {
        this.context = context;
        this.factory = factory;
        this.deliveries = deliveries;
    }

    void start() {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Constants.SERVICE_PID, factory);
        registration = context.registerService(ManagedServiceFactory.class, this, properties);
    }

    void stop() {
        registration.unregister();
        deliveries.forgotten(factory);
    }

    @Override
    public String getName() {
        return factory;
    }

    @Override
    public void updated(String pid, Dictionary<String, ?> properties) {
        deliveries.delivered(factory, pid, properties);
        ServiceRegistration<Configured> before = shown.get(pid);
        if (before == null) {
            shown.put(pid, context.registerService(Configured.class, new Configured() { }, properties));
        } else {
            before.setProperties(properties);
        }
    }

    @Override
    public void deleted(String pid) {
        deliveries.deleted(factory, pid);
        ServiceRegistration<Configured> before = shown.remove(pid);
        if (before != null) {
            before.unregister();
        }
    }
}
