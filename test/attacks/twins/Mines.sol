// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IChampionRegistry} from "../../../contracts/commons/IChampionRegistry.sol";
import {ISubnetQuality} from "../../../contracts/subnets/ISubnetQuality.sol";

/// @notice Forgets the reports of a removed source.
contract ForgetfulMine {
    mapping(address source => uint256) public capOf;
    mapping(address source => uint256) public reported;

    error CapReached();

    function admitSource(address source, uint256 cap) external {
        capOf[source] = cap;
    }

    function removeSource(address source) external {
        delete capOf[source];
        delete reported[source];
    }

    function report(uint256 units) external {
        reported[msg.sender] += units;
        if (reported[msg.sender] > capOf[msg.sender]) revert CapReached();
    }
}

/// @notice Each round uses 144 heights up, whatever part of their coins is earned. Two sectors of weights 3 and 1 reach
///         their targets.
contract BurningMine {
    uint256 public constant SUBSIDY = 720_000_000_000;
    uint256 public idleWeight;
    uint256 public height;
    uint256 public earned;

    function setIdleWeight(uint256 weight) external {
        idleWeight = weight;
    }

    function close() external {
        uint256 totalWeight = 3 + 1 + idleWeight;
        earned += (SUBSIDY * 3) / totalWeight + SUBSIDY / totalWeight;
        height += 144;
    }
}

/// @notice Closes a round without a hold. A stop ends reports and voids none.
contract HastyMine {
    uint256 public constant SUBSIDY = 720_000_000_000;
    address[] private _reporters;
    uint256 private _total;
    mapping(address source => bool) public stopped;
    mapping(address source => uint256) private _units;
    mapping(address source => uint256) public earned;

    error SourceStopped();

    function report(uint256 units) external {
        if (stopped[msg.sender]) revert SourceStopped();
        _reporters.push(msg.sender);
        _units[msg.sender] += units;
        _total += units;
    }

    function close() external {
        for (uint256 i; i < _reporters.length; ++i) {
            address source = _reporters[i];
            earned[source] += (SUBSIDY * _units[source]) / _total;
            _units[source] = 0;
        }
        delete _reporters;
        _total = 0;
    }

    function stop(address source) external {
        stopped[source] = true;
    }
}

/// @notice Closes a round by the target in force at closing.
contract LateMine {
    uint256 public constant SUBSIDY = 720_000_000_000;
    uint256 public targetUnits;
    mapping(uint256 round => uint256) public units;
    mapping(uint256 round => uint256) public earned;

    function setTarget(uint256 newTarget) external {
        targetUnits = newTarget;
    }

    function report(uint256 round, uint256 more) external {
        units[round] += more;
    }

    function close(uint256 round) external {
        uint256 paid = units[round] < targetUnits ? units[round] : targetUnits;
        earned[round] = (SUBSIDY * paid) / targetUnits;
    }
}

/// @notice Counts a round's last second in both rounds: it takes reports up to the end, and closes from the end on.
contract InclusiveMine {
    uint256 public constant SUBSIDY = 720_000_000_000;
    uint256 public immutable END = block.timestamp + 1 days;
    uint256 public total;
    uint256 public supply;
    mapping(uint256 championId => uint256) public units;

    error RoundOver();
    error RoundOpen();

    function report(uint256 championId, uint256 more) external {
        if (block.timestamp > END) revert RoundOver();
        units[championId] += more;
        total += more;
    }

    function mint(uint256 championId) external {
        if (block.timestamp < END) revert RoundOpen();
        supply += (SUBSIDY * units[championId]) / total;
        units[championId] = 0;
    }
}

/// @notice Keeps the earnings of a round as its balance, and pays champions a part of the balance.
contract BalanceMine {
    IERC20 private immutable COIN;
    uint256 public total;
    mapping(uint256 championId => uint256) public units;

    constructor(IERC20 coin) {
        COIN = coin;
    }

    function report(uint256 championId, uint256 more) external {
        units[championId] += more;
        total += more;
    }

    function amountOf(uint256 championId) external view returns (uint256) {
        return (COIN.balanceOf(address(this)) * units[championId]) / total;
    }
}

/// @notice A mine with a wrong check: a champion admitted for the sector, rather than rewarded now.
contract AdmittedMine {
    IChampionRegistry private immutable CHAMPIONS;
    mapping(uint32 championId => uint128) public units;

    constructor(IChampionRegistry champions) {
        CHAMPIONS = champions;
    }

    function report(uint32 championId, uint16 sector, uint128 amount) external {
        require(CHAMPIONS.isInSector(championId, sector), "not admitted");
        units[championId] += amount;
    }
}

/// @notice Bounds a champion's benefit by its allowance, rather than its use.
contract BenefitBoundMine {
    uint256 public constant ALLOWANCE = 1_000;
    mapping(uint32 championId => uint256) public benefits;

    error AllowanceReached();

    /// @param quality in 2^-16
    function report(uint32 championId, uint256 use, uint256 quality) external {
        benefits[championId] += (use * quality) >> 16;
        if (benefits[championId] > ALLOWANCE) revert AllowanceReached();
    }
}

/// @notice Books the use only. A stop voids the use times the quality at that time.
contract RegradingMine {
    ISubnetQuality private immutable SUBNETS;
    uint256 public total;
    mapping(address source => uint256) public uses;

    constructor(ISubnetQuality subnets) {
        SUBNETS = subnets;
    }

    function report(uint16 sector, uint32 championId, uint256 use) external {
        uses[msg.sender] += use;
        total += (use * SUBNETS.qualityOf(sector, championId)) >> 16;
    }

    function stop(address source, uint16 sector, uint32 championId) external {
        total -= (uses[source] * SUBNETS.qualityOf(sector, championId)) >> 16;
        delete uses[source];
    }
}

/// @notice Multiplies by any quality.
contract GenerousMine {
    ISubnetQuality private immutable SUBNETS;
    mapping(uint32 championId => uint256) public benefits;

    constructor(ISubnetQuality subnets) {
        SUBNETS = subnets;
    }

    function report(uint16 sector, uint32 championId, uint256 use) external {
        benefits[championId] += (use * SUBNETS.qualityOf(sector, championId)) >> 16;
    }
}
