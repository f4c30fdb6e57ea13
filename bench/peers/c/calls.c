/* calls URI: nanoseconds of ordinary calls to a driver in the process, which has 1000 domains. */
#include "peer.h"
#include <stdlib.h>
#include <string.h>

static virConnectPtr conn;
static virDomainPtr domain;

static void name(void) {
    if (!virDomainGetName(domain)) {
        die("name");
    }
}

static void info(void) {
    virDomainInfo got;
    if (virDomainGetInfo(domain, &got) < 0) {
        die("info");
    }
}

static void lookup(void) {
    virDomainPtr found = virDomainLookupByName(conn, "vm500");
    if (!found) {
        die("lookup");
    }
    virDomainFree(found);
}

static void list(void) {
    virDomainPtr *found;
    int count = virConnectListAllDomains(conn, &found, 0);
    if (count != 1000) {
        die("list");
    }
    for (int i = 0; i < count; i++) {
        virDomainFree(found[i]);
    }
    free(found);
}

static void identities(void) {
    virDomainPtr *found;
    unsigned char uuid[VIR_UUID_BUFLEN];
    int count = virConnectListAllDomains(conn, &found, 0);
    if (count != 1000) {
        die("identities");
    }
    for (int i = 0; i < count; i++) {
        if (!virDomainGetName(found[i]) || virDomainGetUUID(found[i], uuid) < 0) {
            die("identities");
        }
        virDomainFree(found[i]);
    }
    free(found);
}

/* The sum is there so that all is looked at. */
static unsigned long sum;

static void stats(void) {
    virDomainStatsRecordPtr *records;
    unsigned char uuid[VIR_UUID_BUFLEN];
    int count = virConnectGetAllDomainStats(conn, VIR_DOMAIN_STATS_STATE, &records, 0);
    if (count != 1000) {
        die("stats");
    }
    for (int i = 0; i < count; i++) {
        if (virDomainGetUUID(records[i]->dom, uuid) < 0) {
            die("stats");
        }
        sum += strlen(virDomainGetName(records[i]->dom)) + uuid[0] + virDomainGetID(records[i]->dom);
        for (int k = 0; k < records[i]->nparams; k++) {
            sum += strlen(records[i]->params[k].field) + records[i]->params[k].value.i;
        }
    }
    virDomainStatsRecordListFree(records);
}

static void get_parameters(void) {
    int count = 0;
    virTypedParameterPtr params;
    if (virDomainGetMemoryParameters(domain, NULL, &count, 0) < 0) {
        die("get-parameters");
    }
    params = calloc(count, sizeof *params);
    if (!params || virDomainGetMemoryParameters(domain, params, &count, 0) < 0) {
        die("get-parameters");
    }
    for (int i = 0; i < count; i++) {
        sum += strlen(params[i].field) + params[i].value.ul;
    }
    virTypedParamsFree(params, count);
}

static void set_parameters(void) {
    virTypedParameterPtr params = NULL;
    int count = 0;
    int most = 0;
    if (virTypedParamsAddULLong(&params, &count, &most, VIR_DOMAIN_MEMORY_HARD_LIMIT, 3000000) < 0
        || virTypedParamsAddULLong(&params, &count, &most, VIR_DOMAIN_MEMORY_SOFT_LIMIT, 2000000) < 0
        || virDomainSetMemoryParameters(domain, params, count, 0) < 0) {
        die("set-parameters");
    }
    virTypedParamsFree(params, count);
}

static void missing(void) {
    if (virDomainLookupByName(conn, "nobody") || virGetLastErrorCode() != VIR_ERR_NO_DOMAIN) {
        die("missing");
    }
}

static void measure(const char *figure, void (*call)(void), long times) {
    double start = now();
    for (long i = 0; i < times; i++) {
        call();
    }
    say(figure, 1, (now() - start) / times);
}

void calls(void) {
    conn = virConnectOpen(text(0));
    domain = conn ? virDomainLookupByName(conn, "vm500") : NULL;
    if (!domain) {
        die("calls");
    }
    while (turn()) {
        measure("name", name, 10000);
        measure("info", info, 5000);
        measure("lookup", lookup, 5000);
        measure("list", list, 10);
        measure("missing", missing, 2000);
        measure("identities", identities, 10);
        measure("stats", stats, 10);
        measure("get-parameters", get_parameters, 2000);
        measure("set-parameters", set_parameters, 2000);
    }
}
