import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';

/** The metrics of one application; its own registry, so that two applications in a process never mix theirs. */
@Injectable()
export class MetricsRegistry extends Registry {}
