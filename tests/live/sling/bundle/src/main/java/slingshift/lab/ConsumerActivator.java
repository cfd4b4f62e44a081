package slingshift.lab;

import java.util.ArrayList;
import java.util.List;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Activates a bundle that stands in for one of AEM's: it has no class of its own, only the metatype of its factories
 * and a header that names those that it consumes.
 */
public final class ConsumerActivator implements BundleActivator {

    static final String HEADER = "Lab-Factories";

    private final List<Consumer> consumers = new ArrayList<>();

    @Override
    public void start(BundleContext context) {
        for (String factory : context.getBundle().getHeaders().get(HEADER).split(",")) {
            Consumer consumer = new Consumer(context, factory.trim(), Lab.DELIVERIES);
            consumer.start();
            consumers.add(consumer);
        }
    }

    @Override
    public void stop(BundleContext context) {
        consumers.forEach(Consumer::stop);
        consumers.clear();
    }
}
