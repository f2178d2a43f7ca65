// Loaded before the C library (LD_PRELOAD) it makes each name take a minute to look up, as where the system's resolver hangs.
#include <netdb.h>
#include <unistd.h>

extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) {
    for (unsigned left = 60; left > 0;) left = sleep(left);
    return EAI_AGAIN;
}
