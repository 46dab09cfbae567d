#pragma once

#include "firmware.h"

void intake_fill(struct firmware *f, ns_t now); /* whole lines from the receive buffer into the queue */
