package slingshift.lab;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.Dictionary;
import java.util.Hashtable;

import javax.management.ObjectName;
import javax.management.StandardMBean;
import javax.servlet.Filter;
import javax.servlet.Servlet;

import org.apache.felix.inventory.Format;
import org.apache.felix.inventory.InventoryPrinter;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers everything that this bundle lends to a Sling. */
public final class Lab implements BundleActivator {

    /** One for all bundles that consume, also when they are stopped and started. */
    static final Deliveries DELIVERIES = new Deliveries();

    private BundleContext context;
    private ObjectName similarity;

    @Override
    public void start(BundleContext bundleContext) throws Exception {
        context = bundleContext;
        Switches switches = new Switches(new File(context.getDataFile(""), "switches.properties"));
        Tokens tokens = new Tokens();
        page(new JmxPage());
        servlet(Control.PATH, new Control(DELIVERIES, switches));
        servlet(SystemOverview.PATH, new SystemOverview(switches));
        servlet(CsrfToken.PATH, new CsrfToken(switches, tokens));
        servlet(QueryBuilder.PATH, new QueryBuilder(switches));
        keyStore(new KeyStore());
        filter(new CsrfFilter(switches, tokens));
        status(new ProductInfo(switches));
        similarity = new ObjectName(SimilaritySearch.NAME);
        StandardMBean bean = new StandardMBean(new SimilaritySearch(DELIVERIES, switches), SimilaritySearchMBean.class);
        ManagementFactory.getPlatformMBeanServer().registerMBean(bean, similarity);
    }

    @Override
    public void stop(BundleContext bundleContext) throws Exception {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(similarity);
    }

    private void page(JmxPage page) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("felix.webconsole.label", JmxPage.LABEL);
        properties.put("felix.webconsole.title", "JMX");
        context.registerService(Servlet.class, page, properties);
    }

    private void servlet(String path, Servlet servlet) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("sling.servlet.paths", path);
        context.registerService(Servlet.class, servlet, properties);
    }

    private void keyStore(KeyStore servlet) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("sling.servlet.resourceTypes", KeyStore.TYPES);
        properties.put("sling.servlet.selectors", KeyStore.SELECTOR);
        properties.put("sling.servlet.extensions", "json");
        context.registerService(Servlet.class, servlet, properties);
    }

    /** For every context of the HTTP service, so that the console is guarded as well. */
    private void filter(CsrfFilter filter) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.filter.pattern", "/");
        properties.put("osgi.http.whiteboard.context.select", "(osgi.http.whiteboard.context.name=*)");
        context.registerService(Filter.class, filter, properties);
    }

    private void status(ProductInfo printer) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(InventoryPrinter.NAME, ProductInfo.NAME);
        properties.put(InventoryPrinter.TITLE, "Product Information");
        properties.put(InventoryPrinter.FORMAT, new String[] {Format.TEXT.toString(), Format.JSON.toString()});
        context.registerService(InventoryPrinter.class, printer, properties);
    }
}
