import { eventContract } from './events.contract.ts';
import { limitContract } from './limits.contract.ts';
import { requestContract } from './requests.contract.ts';
import { assembledForTests } from './support/assembly.ts';
import { onSmallServer } from './support/s3-place.ts';

assembledForTests();
requestContract(onSmallServer());
eventContract(onSmallServer());
limitContract(onSmallServer());
