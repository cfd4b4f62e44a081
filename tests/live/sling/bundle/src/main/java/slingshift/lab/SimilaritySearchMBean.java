package slingshift.lab;

import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.TabularData;

/** The part of AEM's MBean that Adobe's page asks for. */
public interface SimilaritySearchMBean {

    /** One row a thing checked; the column Status says passed, or not. */
    TabularData validateConfigs() throws OpenDataException;
}
